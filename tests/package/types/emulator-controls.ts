// The emulator's controls and options, as TypeScript sees them.
import {
  createEmulator,
  type EmulatorApp,
  type EmulatorMember,
  type EmulatorOptions,
  type EmulatorRuleKind,
} from 'wix-oauth-apps/emulator';

const app: EmulatorApp = { name: 'Storefront', allowedRedirectUris: ['https://shop.example.com/callback'] };
const kind: EmulatorRuleKind = 'nameTooLong';
const options: EmulatorOptions = { apps: [app], login: 'interactive', ruleNames: { [kind]: 'MAX' } };
// @ts-expect-error: there is no such login
await createEmulator({ login: 'form' });
// @ts-expect-error: there is no such kind
await createEmulator({ ruleNames: { name: 'MAX' } });
// @ts-expect-error: an app needs a name
await createEmulator({ apps: [{ id: '11111111-1111-4111-8111-111111111111' }] });

const emulator = await createEmulator(options);
emulator.clearFaults();
const [{ id, name }]: readonly { id: string; name: string }[] = emulator.initialApps as [{ id: string; name: string }];
const members: readonly EmulatorMember[] = emulator.members;
const reasons: (string | undefined)[] = [
  emulator.handle({ method: 'GET', url: '/' }).reason,
  ...emulator.requests.map(({ reason }) => reason),
  ...members.map(({ siteId }) => siteId),
  id,
  name,
];
reasons.at(0);
