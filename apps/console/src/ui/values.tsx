import type { ReactNode } from 'react';
import type { Row } from '../api';
import { hrefOf } from '../router';
import { labelOf, texts } from '../texts';
import { useMay } from '../session';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where an id leads, and the scope that its page needs. */
const pagesOfIds: Readonly<Record<string, readonly [page: string, scope: string]>> = {
  userId: ['people', 'users:read'],
  mergedFrom: ['people', 'users:read'],
  applicationId: ['applications', 'applications:read'],
  teamId: ['teams', 'teams:read'],
  endpointId: ['webhooks', 'webhooks:read'],
  boardId: ['boards', 'boards:read'],
  listingId: ['listings', 'listings:read'],
  walletId: ['wallets', 'wallets:read'],
  principalId: ['principals', 'principals:read'],
};

/** A value of an answer. It is text and never markup, whoever chose it. */
export function Value({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  const may = useMay();
  if (value === null || value === undefined || value === '')
    return <span className="none">{texts.none}</span>;
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (typeof value === 'number') return value.toLocaleString('en');
  if (Array.isArray(value)) {
    if (value.length === 0) return <span className="none">{texts.none}</span>;
    return (
      <ul className="values">
        {value.map((each: unknown, index) => (
          <li key={index}>
            <Value name={name} value={each} />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value === 'object')
    return Object.keys(value).length === 0 ? (
      <span className="none">{texts.none}</span>
    ) : (
      <Facts of={value as Row} />
    );
  const text = typeof value === 'string' ? value : '';
  if (INSTANT.test(text)) return <time dateTime={text}>{instant(text)}</time>;
  const [page, scope] = pagesOfIds[name] ?? [];
  if (page !== undefined && scope !== undefined && may(scope) && UUID.test(text))
    return (
      <a href={hrefOf(page, text)} className="id">
        {text}
      </a>
    );
  if (UUID.test(text)) return <code className="id">{text}</code>;
  const parts = text.split(/(?<=[._:])/);
  return <bdi>{parts.flatMap((part, index) => (index === 0 ? [part] : [<wbr key={index} />, part]))}</bdi>;
}

export function Facts({ of, only }: { readonly of: Row; readonly only?: readonly string[] }): ReactNode {
  const names = only ?? Object.keys(of);
  return (
    <dl className="facts">
      {names.map((name) => (
        <div key={name}>
          <dt>{labelOf(name)}</dt>
          <dd>
            <Value name={name} value={of[name]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** In the time of this browser. */
function instant(text: string): string {
  return new Date(text).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
}
