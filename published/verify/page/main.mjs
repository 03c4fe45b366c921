import { explain } from './explain';

const { document } = globalThis;
const element = (id) => document.getElementById(id);
const OUTCOMES = { right: 'right', wrong: 'wrong', unknown: 'not checked' };
const RULES = {
  form: 'Form: it can be read in one way',
  hash: 'Hash: a holder of the secret made it',
  signature: 'Signature: Telegram made it for this bot',
  date: 'Date: it is young enough',
  person: 'Person: it names one',
};

async function show() {
  const typed = {
    proof: element('proof').value,
    secret: element('secret').value.trim(),
    botId: element('bot').value.trim() || /^(\d+):/.exec(element('secret').value.trim())?.[1] || '',
    environment: element('environment').value,
    maxAgeSeconds: /^[1-9]\d{0,11}$/.test(element('age').value) ? Number(element('age').value) : 3600,
    now: new Date(),
  };
  const isEmpty = typed.proof.trim() === '';
  const { kind, rules, code, sentences, content } = isEmpty
    ? { kind: '', rules: [], code: null, sentences: [], content: null }
    : await explain(typed);
  element('kind').textContent = kind && `Read as: ${kind}`;
  element('secret-label').textContent = kind.includes('Rapidpace') ? 'Secret of Rapidpace' : 'Bot token';
  element('rules').replaceChildren(...rules.map(({ rule, outcome }) => line(rule, outcome)));
  element('verdict').textContent = verdictOf(isEmpty, code, sentences, rules);
  element('content').replaceChildren(
    ...Object.entries(content ?? {}).flatMap(([name, value]) => pair(name, value)),
  );
}

function verdictOf(isEmpty, code, sentences, rules) {
  if (isEmpty) return '';
  if (code) return `${sentences.map((each) => each.replace(/\.?$/, '.')).join(' ')} (${code})`;
  const unknown = rules.filter(({ outcome }) => outcome === 'unknown').map(({ rule }) => rule);
  return unknown.length > 0
    ? `Nothing is wrong with what was checked. Not checked: ${unknown.join(', ')}.`
    : 'The service would accept it, once.';
}

function line(rule, outcome) {
  const item = document.createElement('li');
  item.className = outcome;
  item.textContent = `${RULES[rule]} (${OUTCOMES[outcome]})`;
  return item;
}

function pair(name, value) {
  const [term, text] = ['dt', 'dd'].map((tag) => document.createElement(tag));
  term.textContent = name;
  text.textContent =
    value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : value;
  return [term, text];
}

for (const id of ['proof', 'secret', 'bot', 'environment', 'age'])
  element(id).addEventListener(
    'input',
    () => void show().catch((error) => (element('verdict').textContent = String(error))),
  );
