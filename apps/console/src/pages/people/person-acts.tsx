import { useState, type ReactNode } from 'react';
import { call, type Answer, type Row } from '../../api';
import { labelOf, texts } from '../../texts';
import { Act, listOf, reasonField, type ActField } from '../../ui/act';
import { download } from '../../ui/download';

const { person } = texts;

/** The fields that `RevealUserRequest` accepts. */
const revealed: Readonly<Record<string, readonly string[]>> = {
  identity: [
    'subject',
    'firstName',
    'lastName',
    'username',
    'photoUrl',
    'languageCode',
    'phoneNumber',
    'premium',
  ],
  profile: ['displayName', 'username', 'avatarUrl', 'bannerUrl', 'biography', 'links', 'email', 'phone'],
};

interface PersonActsProps {
  readonly path: string;
  readonly user: Row;
  readonly onDone: () => void;
}

/** The actions on the account of a person. */
export function PersonActs({ path, user, onDone }: PersonActsProps): ReactNode {
  const isActive = user['status'] === 'active';
  const isErasing = typeof user['erasesAt'] === 'string';
  const post = (act: string, idempotencyKey: string, body?: object): Promise<Answer> =>
    call('POST', `${path}/${act}`, { idempotencyKey, ...(body ? { body } : {}) });
  return (
    <div className="row">
      <Act
        key={isActive ? 'deactivate' : 'activate'}
        scope="users:write"
        label={isActive ? person.deactivate : person.activate}
        consequence={isActive ? person.deactivateText : person.activateText}
        isDanger={isActive}
        run={(_, key) => post(isActive ? 'deactivate' : 'activate', key)}
        onDone={onDone}
      />
      <Act
        scope="sessions:end"
        label={person.endAll}
        consequence={person.endAllText}
        isDanger
        run={(_, key) => post('sessions/end', key)}
        onDone={onDone}
      />
      <Reveal path={path} />
      <Act
        scope="users:export"
        label={person.export}
        consequence={person.exportText}
        fields={[reasonField]}
        run={async ({ reason: why }, idempotencyKey) => {
          const answer = await call('POST', `${path}/export`, { idempotencyKey, body: { reason: why } });
          download(`person-${String(user['userId'])}.json`, 'application/json', [
            JSON.stringify(answer.body, null, 2),
          ]);
          return { ...answer, body: {} };
        }}
      />
      <Act
        key={isErasing ? 'cancel' : 'erase'}
        scope="users:erase"
        label={isErasing ? person.cancelErasure : person.erase}
        consequence={isErasing ? person.cancelErasureText : person.eraseText}
        fields={isErasing ? [reasonField] : [reasonField, forfeitField]}
        isDanger={!isErasing}
        run={({ reason: why, forfeit }, key) => {
          const ids = listOf(forfeit);
          return post(isErasing ? 'cancel-erasure' : 'erase', key, {
            reason: why,
            ...(ids.length === 0 ? {} : { forfeit: ids }),
          });
        }}
        onDone={onDone}
      />
    </div>
  );
}

const forfeitField: ActField = {
  name: 'forfeit',
  label: person.forfeit,
  hint: person.forfeitHint,
  isOptional: true,
};

function Reveal({ path }: { readonly path: string }): ReactNode {
  const [wanted, setWanted] = useState<readonly string[]>([]);
  return (
    <Act
      scope="users:reveal"
      label={person.reveal}
      consequence={person.revealText}
      fields={[reasonField]}
      isBrief
      run={({ reason: why }, idempotencyKey) =>
        call('POST', `${path}/reveal`, { idempotencyKey, body: { fields: wanted, reason: why } })
      }
      show={({ body }) => body}
    >
      {Object.entries(revealed).map(([kind, names]) => (
        <fieldset key={kind} className="checks">
          <legend>{kind === 'identity' ? person.ofPlatform : person.ofProfile}</legend>
          {names.map((name) => {
            const field = `${kind}.${name}`;
            return (
              <label key={field}>
                <input
                  type="checkbox"
                  checked={wanted.includes(field)}
                  onChange={({ target }) => {
                    setWanted((before) => {
                      const others = before.filter((each) => each !== field);
                      return target.checked ? [...others, field] : others;
                    });
                  }}
                />
                {labelOf(name)}
              </label>
            );
          })}
        </fieldset>
      ))}
    </Act>
  );
}
