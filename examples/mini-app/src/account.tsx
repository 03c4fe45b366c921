import { accountErasure, Confirm, useCountersign, useStepUp } from '@countersign/client/react';
import type { ResumedAct } from '@countersign/client/acts';
import { useMemo } from 'react';
import { Failure, Section } from './parts';

/** If a link opened this launch for an operation, the person confirms the operation here. */
export function ConfirmedActs() {
  const countersign = useCountersign();
  const acts = useMemo(
    () => ({
      'account.erase': accountErasure(countersign, () => void countersign.signOut()),
      'account.export': { run: saveExport },
    }),
    [countersign],
  );
  return <Confirm acts={acts} className="confirm" />;
}

export function Account() {
  return (
    <Section title="Your account">
      <p className="hint">Telegram opens this app again, where you confirm.</p>
      <AskButton act="account.export" label="Save my data" />
      <AskButton act="account.erase" label="Delete my account" />
    </Section>
  );
}

function AskButton({ act, label }: { readonly act: string; readonly label: string }) {
  const { ask, asked, outcome, isPending, error } = useStepUp(act);
  return (
    <>
      <button className="plain" onClick={() => void ask()} disabled={isPending}>
        {label}
      </button>
      {isPending && asked && (
        <p className="hint" role="status">
          {asked.link ? (
            <a href={asked.link}>Confirm in Telegram</a>
          ) : (
            `Open the app with the code ${asked.code}.`
          )}
        </p>
      )}
      {outcome === 'expired' && <Failure error="You did not confirm it in time." />}
      <Failure error={error} />
    </>
  );
}

async function saveExport(act: ResumedAct): Promise<void> {
  const data = await act.call('GET', '/v1/me/export');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  link.download = 'my-data.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
