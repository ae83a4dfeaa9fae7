import type { ComponentChildren } from 'preact';

interface FieldProps {
  id: string;
  label: string;
  hint?: ComponentChildren;
  /** The errors and warnings about the value; read out with the field. */
  problems?: ComponentChildren;
  isInvalid?: boolean;
}

interface TextFieldProps extends FieldProps {
  value: string;
  onValue: (value: string) => void;
  /** Several lines. */
  rows?: number;
  type?: 'text' | 'url' | 'password';
  isRequired?: boolean;
  isCode?: boolean;
  autocomplete?: string;
}

/** A text box with its label above it, then a hint, and its problems below it. */
export function TextField(props: TextFieldProps) {
  const { id, value, onValue, rows, type = 'text', isRequired = false, isCode = false, isInvalid = false } = props;
  const common = {
    id,
    value,
    class: isCode ? 'code' : undefined,
    required: isRequired,
    spellcheck: !isCode,
    autocomplete: props.autocomplete ?? 'off',
    autocapitalize: isCode ? ('off' as const) : undefined,
    'aria-invalid': isInvalid,
    'aria-describedby': describedBy(props),
    onInput: (event: Event) => onValue((event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value),
  };
  return (
    <Field {...props}>
      {rows !== undefined ? (
        <textarea {...common} rows={rows} wrap={isCode ? 'off' : 'soft'} />
      ) : type === 'password' ? (
        <input {...common} type="password" />
      ) : (
        // The input type `url` would bring messages of the browser's own; its keyboard alone is wanted.
        <input {...common} type="text" inputMode={type === 'url' ? 'url' : undefined} />
      )}
    </Field>
  );
}

interface SelectFieldProps extends FieldProps {
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onValue: (value: string) => void;
}

export function SelectField(props: SelectFieldProps) {
  const { id, value, options, onValue } = props;
  return (
    <Field {...props}>
      <select
        id={id}
        value={value}
        aria-describedby={describedBy(props)}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function CheckField({ id, label, isChecked, onChecked, ...rest }: CheckFieldProps) {
  return (
    <div class="field">
      <label class="choice">
        <input
          id={id}
          type="checkbox"
          checked={isChecked}
          aria-describedby={describedBy({ id, ...rest })}
          onChange={(event) => onChecked(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      <Hint id={id} hint={rest.hint} />
      {rest.problems}
    </div>
  );
}

interface CheckFieldProps extends FieldProps {
  isChecked: boolean;
  onChecked: (isChecked: boolean) => void;
}

interface RadioGroupProps<Value extends string> {
  name: string;
  legend: string;
  value: Value;
  options: readonly (readonly [value: Value, text: string])[];
  onValue: (value: Value) => void;
}

export function RadioGroup<Value extends string>({ name, legend, value, options, onValue }: RadioGroupProps<Value>) {
  return (
    <fieldset class="field choices">
      <legend>{legend}</legend>
      {options.map(([option, text]) => (
        <label class="choice" key={option}>
          <input type="radio" name={name} value={option} checked={option === value} onChange={() => onValue(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Field({ id, label, hint, problems, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Hint id={id} hint={hint} />
      {children}
      {problems}
    </div>
  );
}

function Hint({ id, hint }: { id: string; hint: ComponentChildren }) {
  return hint === undefined ? null : (
    <p class="hint" id={`${id}-hint`}>
      {hint}
    </p>
  );
}

function describedBy({ id, hint, problems }: { id: string; hint?: unknown; problems?: unknown }): string | undefined {
  const ids = [hint === undefined ? '' : `${id}-hint`, problems === undefined ? '' : `${id}-problems`];
  return ids.filter(Boolean).join(' ') || undefined;
}
