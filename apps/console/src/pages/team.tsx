import type { ReactNode } from 'react';
import { call, inPath } from '../api';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';
import { BackToFind } from './find';

const { person } = texts;

export function Team({ teamId }: { readonly teamId: string }): ReactNode {
  const path = `/v1/admin/teams/${inPath(teamId)}`;
  const { value, refusal } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  return (
    <>
      <p className="hint">
        <BackToFind /> /
      </p>
      <h1>{person.teams}</h1>
      <Card title={String(value.body['name'])}>
        <Facts of={value.body} />
      </Card>
      <Card title={texts.team.members}>
        <List path={`${path}/members`} label={texts.team.members} columns={['userId', 'role', 'joinedAt']} />
      </Card>
      <Card title={texts.team.history}>
        <List
          path={`${path}/history`}
          label={texts.team.history}
          columns={['at', 'action', 'actorId', 'subjectId', 'details', 'origin']}
        />
      </Card>
    </>
  );
}
