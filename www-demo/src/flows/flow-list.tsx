/** The guides: three tasks of the API's users, each with the calls that it takes. */
import { paths } from '../router';
import { ViewHeading } from '../ui/view-heading';
import { ChangeRedirectsFlow } from './change-redirects';
import { ConnectFlow } from './connect-template';
import { CutOffFlow } from './cut-off';

const FLOWS = [
  {
    name: 'connect',
    title: 'Connect a template',
    text: 'Give a storefront template a client ID, and get the environment variable and the SDK code that it needs.',
    View: ConnectFlow,
  },
  {
    name: 'redirects',
    title: 'Change redirects',
    text: 'Allow a preview deployment to receive visitors, or stop allowing it, without touching the other entries.',
    View: ChangeRedirectsFlow,
  },
  {
    name: 'cut-off',
    title: 'Cut a client off',
    text: 'Stop a client from connecting, and see that its client ID no longer works.',
    View: CutOffFlow,
  },
] as const;

export function FlowList() {
  return (
    <>
      <ViewHeading title="Guides" />
      <p>Each guide makes the real calls. The requests view shows them as they were sent.</p>
      <ul class="cards">
        {FLOWS.map(({ name, title, text }) => (
          <li key={name} class="panel">
            <h2>
              <a href={paths.flow(name)}>{title}</a>
            </h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

export function FlowView({ name }: { name: string }) {
  const flow = FLOWS.find((one) => one.name === name);
  if (flow === undefined) return <FlowList />;
  const { title, text, View } = flow;
  return (
    <>
      <ViewHeading title={title} />
      <p>{text}</p>
      <View />
      <p>
        <a href={paths.flows}>All guides</a>
      </p>
    </>
  );
}
