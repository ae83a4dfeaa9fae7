/** The form for a new app, and for one that is there. What the visitor has typed outlives a reload. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { isOAuthAppsError, validateOAuthApp, type OAuthApp, type Violation } from 'wix-oauth-apps';
import { CheckField, SelectField, TextField } from '../ui/field';
import { FailurePanel } from '../ui/failure-panel';
import { useAction } from '../ui/use-action';
import { announce } from '../announcer';
import { navigate, paths } from '../router';
import { session } from '../session';
import { tabSignal } from '../storage';
import { draftOf, MAIN_FIELDS, MORE_FIELDS, patchOf, valuesOf, type Field, type FormValues } from './fields';
import { showCreated } from './created';
import { currentAppId, loadApps } from './store';
import { ofField, Violations, withoutField } from './violations';

/** Violations appear when the typing pauses, because half a URL is always wrong. */
const PAUSE = 300;

export function AppForm({ app }: { app?: OAuthApp | undefined }) {
  const before = valuesOf(app ?? {});
  // Only changes are kept, so that a field that someone else has changed meanwhile is not put back.
  const changes = tabSignal<Partial<FormValues>>(`form/${app?.id ?? 'new'}`, {});
  const [wasRestored, setRestored] = useState(Object.keys(changes.value).length > 0);
  const [violations, setViolations] = useState<Violation[]>([]);
  const [isSubmitted, setSubmitted] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const action = useAction();
  const values: FormValues = { ...before, ...changes.value };

  function check(): Violation[] {
    if (app === undefined) return validateOAuthApp(draftOf(values));
    const patch = patchOf(before, values);
    // The library refuses an empty patch; here it means that there is nothing to save.
    return Object.keys(patch).length === 0 ? [] : validateOAuthApp(patch, { for: 'update' });
  }

  useEffect(() => {
    const pause = setTimeout(() => setViolations(check()), PAUSE);
    return () => clearTimeout(pause);
  }, [changes.value]);

  // A field that the visitor has not come to yet is not complained about.
  const shown = isSubmitted ? violations : violations.filter(({ field }) => isTouched(field));
  function isTouched(path: string) {
    return Object.keys(changes.value).some((name) => path === name || path.startsWith(`${name}[`));
  }

  const focusFirstError = () =>
    setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const found = check();
    setViolations(found);
    setSubmitted(true);
    if (found.some(({ severity }) => severity === 'error')) {
      announce('Not saved. Correct the errors first.');
      focusFirstError();
      return;
    }
    let isRefused = false;
    const isDone = await action.run('Not saved', async () => {
      try {
        await (app === undefined ? create() : update(app));
      } catch (error) {
        if (isOAuthAppsError(error) && error.violations !== undefined) {
          setViolations(error.violations);
          isRefused = true;
        }
        throw error;
      }
    });
    if (isRefused) focusFirstError();
    if (!isDone) return;
    changes.value = {};
    navigate(paths.apps);
  }

  async function create(): Promise<void> {
    const created = await session.value?.client.createOAuthApp(draftOf(values));
    if (created === undefined) return;
    currentAppId.value = created.id;
    showCreated(created);
    announce(`${created.name} was created.`);
    void loadApps();
  }

  async function update({ id, name }: OAuthApp): Promise<void> {
    const patch = patchOf(before, values);
    if (Object.keys(patch).length === 0) {
      announce(`Nothing was changed in ${name}.`);
      return;
    }
    const saved = await session.value?.client.updateOAuthApp(id, patch);
    currentAppId.value = id;
    announce(`${saved?.name ?? name} was saved.`);
    void loadApps();
  }

  function set(field: Field, value: string | boolean): void {
    const { [field.name]: _, ...rest } = changes.value;
    changes.value = value === before[field.name] ? rest : { ...rest, [field.name]: value };
  }

  function discard(): void {
    changes.value = {};
    setRestored(false);
    setSubmitted(false);
    action.clear();
  }

  const row = (field: Field) => (
    <FormField
      key={field.name}
      field={field}
      value={values[field.name]}
      violations={ofField(shown, field.name)}
      onValue={(value) => set(field, value)}
    />
  );
  const isMoreUsed = MORE_FIELDS.some(({ name }) => name in changes.value || ofField(shown, name).length > 0);
  return (
    <form ref={form} class="panel" noValidate aria-busy={action.isRunning} onSubmit={(event) => void save(event)}>
      {wasRestored && (
        <div class="note">
          <p>What you typed here before is still there, and not saved.</p>
          <button type="button" class="small" onClick={discard}>
            Start over
          </button>
        </div>
      )}
      {MAIN_FIELDS.map(row)}
      <details open={isMoreUsed}>
        <summary>More fields</summary>
        {MORE_FIELDS.map(row)}
      </details>
      {withoutField(shown).length > 0 && <Violations id="form" violations={withoutField(shown)} text="" />}
      <FailurePanel failure={action.failure} />
      <div class="actions">
        <button class="primary" aria-disabled={action.isRunning}>
          {action.isRunning ? 'Saving…' : 'Save'}
        </button>
        <a class="button" href={paths.apps} onClick={discard}>
          Cancel
        </a>
      </div>
    </form>
  );
}

interface FormFieldProps {
  field: Field;
  value: string | boolean;
  violations: Violation[];
  onValue: (value: string | boolean) => void;
}

function FormField({ field, value, violations, onValue }: FormFieldProps) {
  const { name, label, hint } = field;
  const id = `app-${name}`;
  const text = String(value);
  const problems = (
    <Violations
      id={id}
      violations={violations}
      text={text}
      onText={(next) => {
        onValue(next);
        document.getElementById(id)?.focus();
      }}
    />
  );
  const isInvalid = violations.some(({ severity }) => severity === 'error');
  const common = { id, label, problems, isInvalid, ...(hint !== undefined && { hint }) };
  switch (field.kind) {
    case 'switch':
      return <CheckField {...common} isChecked={value === true} onChecked={onValue} />;
    case 'choice':
      return <SelectField {...common} value={text} options={withCurrent(field.options, text)} onValue={onValue} />;
    default:
      return (
        <TextField
          {...common}
          value={text}
          onValue={onValue}
          {...(field.rows !== undefined && { rows: field.rows })}
          isRequired={field.isRequired ?? false}
          isCode={field.kind !== 'text'}
          type={field.kind === 'url' ? 'url' : 'text'}
        />
      );
  }
}

/** The options, with a value that a newer service has added, so that the form shows it rather than another one. */
const withCurrent = (options: readonly (readonly [string, string])[], value: string) =>
  options.some(([option]) => option === value) ? options : [...options, [value, value] as const];
