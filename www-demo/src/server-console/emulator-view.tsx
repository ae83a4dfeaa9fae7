/** The controls of the emulator behind the page: faults, clock, state, and a server's members and webhooks. */
import { ViewHeading } from '../ui/view-heading';
import { connection } from '../settings/connection';
import { paths } from '../router';
import { Clock } from './clock';
import { controlState, type ControlState } from './current-control';
import { Faults } from './faults';
import { Members, Webhooks } from './lists';
import { State } from './state';

export function EmulatorView() {
  const state = controlState.value;
  return (
    <>
      <ViewHeading title="Emulator" />
      {state.status === 'looking' && <p>Looking for the emulator…</p>}
      {state.status === 'missing' && <Missing why={state.why} />}
      {state.status === 'found' && (
        <>
          <Faults control={state.control} />
          <Clock control={state.control} />
          {state.control.server !== undefined && (
            <>
              <Members server={state.control.server} />
              <Webhooks server={state.control.server} />
            </>
          )}
          <State control={state.control} />
        </>
      )}
    </>
  );
}

function Missing({ why }: { why: (ControlState & { status: 'missing' })['why'] }) {
  switch (why) {
    case 'wix':
      return (
        <p>
          The page talks to the Wix API, which cannot be controlled. <a href={paths.connection}>Use an emulator</a> to
          inject faults and set the clock.
        </p>
      );
    case 'elsewhere': {
      const url = connection.kind === 'page' ? '' : `${new URL(connection.url).origin}/_emulator/`;
      return (
        <p class="wrap">
          A server lets only its own console control it, so that no other page can. Open <a href={url}>{url}</a>.
        </p>
      );
    }
    case 'none':
      return (
        <p>
          This server has no control interface under <code>/_emulator/</code>. The apps and the redirect tester work all
          the same. Start a newer <code>wix-oauth-apps emulate</code> for faults, the clock, members and webhooks.
        </p>
      );
  }
}
