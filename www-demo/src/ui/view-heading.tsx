import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasNavigated } from '../router';

/** The heading of a view. It takes the focus when the visitor comes to the view, so that reading starts there. */
export function ViewHeading({ title, children }: { title: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
    // When the page opens, the focus belongs to its beginning.
    if (hasNavigated) heading.current?.focus();
  }, [title]);
  return (
    <div class="view-heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
