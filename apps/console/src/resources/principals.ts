import type { Row, Session } from '../api';
import { texts } from '../texts';
import { resource } from '../ui/resource';

const isOther = ({ principalId }: Row, session: Session): boolean => principalId !== session.principalId;
const isOwn = ({ createdBy }: Row): boolean => createdBy !== 'provider';
const isWithin = ({ scopes }: Row, session: Session): boolean =>
  (scopes as readonly string[]).every((each) => session.scopes.includes(each));
const hasSecrets = (_: Row, session: Session, principal: Row): boolean =>
  principal['providerSubject'] === null && isWithin(principal, session);

export const principals = resource({
  path: 'principals',
  list: 'listPrincipals',
  read: 'readPrincipal',
  columns: ['name', 'status', 'createdBy', 'createdAt'],
  acts: [
    {
      op: 'createPrincipal',
      show: ({ principal, secret }) => {
        const { principalId, name } = principal as Row;
        return { principalId, name, ...(secret as Row) };
      },
    },
    {
      ...{ op: 'changePrincipal', as: 'disablePrincipal', body: { status: 'disabled' } },
      isDanger: true,
      when: (principal, session) => principal['status'] === 'active' && isOther(principal, session),
    },
    {
      ...{ op: 'changePrincipal', as: 'enablePrincipal', body: { status: 'active' } },
      when: ({ status }) => status !== 'active',
    },
    { op: 'changePrincipal', fields: ['scopes'], when: isOwn },
    {
      op: 'removePrincipal',
      when: (principal, session) => isOwn(principal) && isOther(principal, session),
    },
  ],
  fixedHint: (principal, session) => (isWithin(principal, session) ? null : texts.beyond),
  sections: [
    {
      list: 'listPrincipalSecrets',
      columns: ['name', 'issuedBy', 'createdAt', 'expiresAt', 'lastUsedAt'],
      acts: [
        { op: 'addPrincipalSecret', when: hasSecrets },
        { op: 'removePrincipalSecret', when: hasSecrets },
      ],
    },
  ],
});
