import { useState, type ReactNode } from 'react';
import type { Row } from '../api';
import { useNames } from '../names';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { labelOf, texts, wordOf } from '../texts';
import { Button, plain } from './basics';
import { dayOf, instantOf, isRecent, sinceOf } from './times';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The audit trail names actors and subjects in this form. */
const ACTOR = /^(principal|user|session|identity|application):(.+)$/;

const STATES = ['status', 'state'];
const GREEN = ['active', 'live', 'delivered', 'signing'];
const RED: readonly string[] = ['compromised', 'failed', 'deactivated', 'disabled', texts.toBeErased];

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

/** A value of an answer. It is rendered as text and never as markup. */
export function Value({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  if (isEmpty(value)) return <span className="hint">{texts.absent}</span>;
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (typeof value === 'number') return value.toLocaleString();
  if (Array.isArray(value))
    return (
      <ul className="values">
        {value.map((each: unknown, index) => (
          <li key={index}>
            <Value name={name} value={each} />
          </li>
        ))}
      </ul>
    );
  if (typeof value === 'object' && name !== 'details') return <Facts of={value as Row} />;
  if (typeof value === 'object')
    return (
      <span className="clamp">
        {Object.entries(factsOf(value as Row)).map(([each, inner], index) => (
          <span key={each}>
            {index === 0 ? '' : ' · '}
            {labelOf(each)}: <Value name={each} value={inner} />
          </span>
        ))}
      </span>
    );
  const text = typeof value === 'string' ? plain(value) : '';
  if (INSTANT.test(text)) return <Instant text={text} />;
  if (DAY.test(text)) return <time dateTime={text}>{dayOf(text)}</time>;
  if (UUID.test(text)) return <Id name={name} id={text} />;
  const [, kind, id] = ACTOR.exec(text) ?? [];
  if (kind !== undefined && id !== undefined)
    return (
      <>
        {texts.actors[kind]} <Id name={kind === 'user' ? kind : `${kind}Id`} id={id} />
      </>
    );
  if (STATES.includes(name)) return <span className={`state ${lightOf(text)}`}>{text}</span>;
  const words = wordOf(name, text);
  const parts = words.split(/(?<=[._:])/);
  return <bdi>{parts.flatMap((part, index) => (index === 0 ? [part] : [<wbr key={index} />, part]))}</bdi>;
}

function lightOf(state: string): string {
  return GREEN.includes(state) ? 'green' : RED.includes(state) ? 'red' : '';
}

/** Shows the known name of an id, or its last characters. A hover shows it whole, and a click copies it. */
export function Id({
  name,
  id,
  isWhole = false,
}: {
  name: string;
  id: string;
  isWhole?: boolean;
}): ReactNode {
  const may = useMay();
  const names = useNames(name);
  const known = isWhole ? undefined : names.get(id);
  const [page, scope] = pagesOfIds[name] ?? [];
  const text = known ?? (isWhole || !UUID.test(id) ? id : `…${id.slice(-8)}`);
  const shown = known === undefined ? <code>{text}</code> : <bdi>{text}</bdi>;
  return (
    <span className="id" title={id}>
      {page !== undefined && scope !== undefined && may(scope) && !isWhole ? (
        <a href={hrefOf(page, id)}>{shown}</a>
      ) : (
        shown
      )}
      <Copy text={id} label={texts.copyId} />
    </span>
  );
}

/** @param label the label of the button; screen readers read one that is not shown */
export function Copy({
  text,
  label,
  isShown = false,
}: {
  text: string;
  label: string;
  isShown?: boolean;
}): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return; // The browser does not allow it. The person can still select the text.
    }
    setCopied(true);
    setTimeout(() => {
      setCopied(false);
    }, 2_000);
  };
  const said = isCopied ? texts.copied : label;
  return (
    <Button kind={isShown ? 'main' : 'copy'} aria-label={said} onPress={() => void copy()}>
      {isShown ? (
        said
      ) : (
        <svg viewBox="0 0 16 16" width="14" aria-hidden="true">
          <path d={isCopied ? 'M2 8l4 4 8-9' : 'M6 2h8v8H6zM4 6H2v8h8v-2'} />
        </svg>
      )}
    </Button>
  );
}

function Instant({ text }: { readonly text: string }): ReactNode {
  const whole = instantOf(text);
  return (
    <time dateTime={text} title={isRecent(text) ? whole : undefined}>
      {isRecent(text) ? sinceOf(text) : whole}
    </time>
  );
}

/** The status of an account that is being erased says so. */
export function factOf(of: Row, name: string): unknown {
  return name === 'status' && !isEmpty(of['erasesAt']) ? texts.toBeErased : of[name];
}

export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function factsOf(of: Row, without: readonly string[] = []): Row {
  return Object.fromEntries(
    Object.entries(of).filter(([name, value]) => !isEmpty(value) && !without.includes(name)),
  );
}

export function Facts({ of, labelled = labelOf }: { of: Row; labelled?: typeof labelOf }): ReactNode {
  return (
    <dl className="facts">
      {Object.entries(factsOf(of)).map(([name, value]) => (
        <div key={name}>
          <dt>{labelled(name)}</dt>
          <dd>
            <Value name={name} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
