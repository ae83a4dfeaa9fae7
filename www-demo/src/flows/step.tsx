import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface StepProps {
  number: number;
  title: string;
  /** Set if the step can be taken now; a later one only shows its title. */
  isOpen?: boolean;
  children: ComponentChildren;
}

/** A step of a guide. A step that opens takes the focus, because the one before is done. */
export function Step({ number, title, isOpen = true, children }: StepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    if (isOpen && !wasOpen.current) heading.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    <li class={`panel step${isOpen ? '' : ' later'}`}>
      <h2 ref={heading} tabIndex={-1}>
        <span class="number">{number}</span> {title}
      </h2>
      {isOpen && children}
    </li>
  );
}
