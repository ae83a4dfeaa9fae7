/** The library's violations beside the fields that they belong to, each with its suggestion. */
import type { Violation } from 'wix-oauth-apps';
import { entriesOf, FIELDS, type FieldName } from './fields';
import { sentence } from '../ui/sentence';

/** The field of a violation, and the index of the entry in it. */
export function targetOf({ field }: Violation): { name: string; index?: number } {
  const [, name = '', index] = /^(?:oAuthApp\.)?(\w*)(?:\[(\d+)\])?/.exec(field) ?? [];
  return index === undefined ? { name } : { name, index: Number(index) };
}

/** Violations that belong to no field of the form. */
export const withoutField = (violations: Violation[]) =>
  violations.filter((violation) => !FIELDS.some(({ name }) => name === targetOf(violation).name));

interface ViolationsProps {
  id: string;
  violations: Violation[];
  /** The text in the control, whose lines the messages count. */
  text: string;
  onText?: (text: string) => void;
}

export function Violations({ id, violations, text, onText }: ViolationsProps) {
  return (
    <ul class="violations" id={`${id}-problems`} aria-live="polite">
      {violations.map((violation) => (
        <Item key={violation.field + violation.rule} violation={violation} text={text} onText={onText} />
      ))}
    </ul>
  );
}

interface ItemProps {
  violation: Violation;
  text: string;
  onText: ((text: string) => void) | undefined;
}

function Item({ violation, text, onText }: ItemProps) {
  const { severity, message, suggestion } = violation;
  const { name, index } = targetOf(violation);
  const line = index === undefined ? undefined : entriesOf(text)[index]?.line;
  // Only a whole text or a whole line can be replaced; a mapping holds two values in a line.
  const canReplace =
    onText !== undefined && name !== 'wixPagesDomainsMappings' && (index === undefined || line !== undefined);
  const use = () => {
    const lines = text.split('\n');
    if (line === undefined) onText?.(suggestion ?? '');
    else onText?.(lines.with(line, suggestion ?? '').join('\n'));
  };
  return (
    <li class={severity}>
      <strong>
        {severity === 'error' ? 'Error' : 'Warning'}
        {line !== undefined && ` in line ${line + 1}`}:
      </strong>{' '}
      {/* Where no control stands beside it, the message needs the name of the field. */}
      {onText === undefined && violation.field !== '' && (
        <>
          <code>{violation.field}</code>{' '}
        </>
      )}
      {sentence(message)}
      {suggestion !== undefined && canReplace && (
        <>
          {' '}
          <button type="button" class="small" onClick={use}>
            Use {suggestion}
          </button>
        </>
      )}
    </li>
  );
}

/** The violations of one field. */
export const ofField = (violations: Violation[], field: FieldName) =>
  violations.filter((violation) => targetOf(violation).name === field);
