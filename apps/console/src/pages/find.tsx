import { useState, type ReactNode } from 'react';
import { call, type Row } from '../api';
import { go } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { Button, Card, Choice, Field, Problem } from '../ui/basics';
import { useSubmit } from '../ui/use-submit';
import { Value } from '../ui/values';
import { useLoaded } from '../use-loaded';

const { find } = texts;
const DOCUMENT = '/openapi/admin.json';
type Kind = keyof typeof find.kinds;
const kinds = Object.entries(find.kinds) as [Kind, string][];
/** What is of an environment, and is found in one of them. */
const ofEnvironments: readonly Kind[] = ['telegramId', 'openweb3Id', 'walletAddress'];

/** Finds a person by what the document of the running service takes. */
export function FindPerson(): ReactNode {
  const may = useMay();
  const [kind, setKind] = useState<Kind>('telegramId');
  const [value, setValue] = useState('');
  const [environment, setEnvironment] = useState('production');
  const { value: document } = useLoaded(DOCUMENT, (signal) => call('GET', DOCUMENT, { signal }));
  const [found, setFound] = useState<Row | null>(null);
  const { isRunning, refusal, submit } = useSubmit(async () => {
    setFound(null);
    const isOfEnvironment = ofEnvironments.includes(kind);
    const body = { [kind]: value.trim(), ...(isOfEnvironment ? { environment } : {}) };
    const answer = await call('POST', '/v1/admin/users/lookup', { body });
    const userIds = answer.body['userIds'] as readonly string[];
    const [only] = userIds;
    if (userIds.length === 1 && only !== undefined && may('users:read')) go('people', only);
    else setFound(answer.body);
  });
  const offered = document && JSON.stringify(document.body);
  return (
    <Card title={find.title}>
      <form onSubmit={submit}>
        <div className="row">
          <Choice
            label={find.by}
            value={kind}
            options={kinds.filter(([name]) => !offered || offered.includes(`"${name}"`))}
            onChange={(next) => {
              setKind(next as Kind);
            }}
          />
          {ofEnvironments.includes(kind) ? (
            <Choice
              label={find.environment}
              value={environment}
              options={[
                ['production', find.production],
                ['test', find.test],
              ]}
              onChange={setEnvironment}
            />
          ) : null}
        </div>
        <Field label={find.value} hint={find.recorded} value={value} onChange={setValue} isRequired />
        <div className="row">
          <Button type="submit" kind="main" isBusy={isRunning}>
            {find.submit}
          </Button>
        </div>
      </form>
      {refusal ? <Problem refusal={refusal} /> : null}
      {found ? <Found found={found} /> : null}
    </Card>
  );
}

function Found({ found }: { readonly found: Row }): ReactNode {
  const userIds = found['userIds'] as readonly string[];
  return (
    <div role="status">
      <h3>{find.found}</h3>
      {userIds.length === 0 ? <p>{find.noAccount}</p> : <Value name="userId" value={userIds} />}
    </div>
  );
}
