import type { Step } from './act';
import { acts } from './acts';
import { given, Random } from './random';
import { scripts } from './scripts';
import { DEVICES_OF_PERSON, PEOPLE } from './world';

const YEAR_MINUTES = 365 * 24 * 60;

/** How often each act is done, before a history turns some off and scales the rest. */
const WEIGHTS: Readonly<Record<string, number>> = {
  'sign in': 14,
  'sign in to keep the account': 2,
  'repeat the proof': 7,
  refresh: 14,
  'refresh once more': 5,
  look: 12,
  'look through the gateway': 10,
  'look with the token before': 5,
  'log out': 3,
  'end the other sessions': 2,
  'change the name': 3,
  'read the name': 3,
  'ask for the erasure': 3,
  'two people join': 2,
  'separate the accounts': 1.5,
  'open many sessions': 0.6,
  'create a team': 2,
  'invite into a team': 3,
  'accept an invitation': 5,
  'leave a team': 2,
  'read a team': 4,
  'change a role': 2,
  'remove a member': 1,
  'read the ranks': 3,
  'show the referral code': 1.5,
  'sign in by a referral': 2,
  'connect a wallet': 2,
  'list the wallets': 3,
  'remove a wallet': 1,
  'a back end revokes a token': 1.5,
  'an operator closes the season': 0.7,
  'a thief takes a copy': 3,
  'the thief refreshes': 3,
  'the thief looks': 3,
  'the thief repeats the proof': 2,
  'an operator ends sessions': 1.5,
  'an operator deactivates': 0.7,
  'an operator activates': 1.5,
  'a back end sends a score': 6,
  'a back end introspects': 4,
  'an operator reads a list': 4,
  'a person reads a list': 3,
  'somebody comes by another way': 6,
  'a job runs': 3,
  'erasures are due': 4,
  'webhooks are delivered': 4,
  'the ring is rotated': 2.5,
  'an operator rotates the identity key': 0.7,
  'an operator revokes an identity key': 0.5,
  'sessions are removed': 1,
  'the audit trail is checked': 0.5,
  'a replica is killed': 0.3,
  'a replica hears nothing': 1,
  'all replicas hear': 1,
  'the ledger is away': 0.5,
  'the ledger is back': 1,
  'a backup is made': 0.2,
  'the backup is restored': 0.15,
};

/** Never turned off: without them nothing can happen. */
const ALWAYS = ['sign in', 'refresh', 'look', 'erasures are due', 'the ledger is back', 'all replicas hear'];

const GAPS = { none: 72, minutes: 23, hours: 5 };
/** In a burst of steps a few devices do most, after they have signed in. Days pass before it. */
const BURST = 10;
const DAYS_BEFORE = [0.5, 1, 3, 6, 8, 20, 45];
const FOCUS = { devices: 3, probability: 0.75 };
const FAULTS = ['cut', 'cut', 'kill', 'clock'] as const;
/** Beside calls. */
const DISTURBED = ['erasures are due', 'webhooks are delivered', 'the ring is rotated'];
const FAULT_PROBABILITY = 0.06;
/** A burst begins with one of the scripts, or with sign-ins. */
const SCRIPT_PROBABILITY = 0.85;
const SCRIPT_FAULT_PROBABILITY = 0.02;
const RACE_PROBABILITY = 0.06;
/** Of the first one in a race, while the others act at the other replica. */
const FREEZE_PROBABILITY = 0.4;
/** What most often conflicts with another act. */
const ENDING = [
  'ask for the erasure',
  'end the other sessions',
  'log out',
  'an operator deactivates',
  'an operator ends sessions',
];
const MAX_RACERS = 4;
const MANY_SESSIONS = 11;

/** All that a seed decides about a history: who does what, when, and which fault disturbs it. */
export function generateSteps(seed: number, count: number, withRaces: boolean): readonly Step[] {
  const random = new Random(seed).fork('steps');
  const weights = mixtureOf(new Random(seed).fork('mixture'));
  const steps: Step[] = [];
  const anyDevice = (): string => `${random.pick(PEOPLE)}/${random.below(DEVICES_OF_PERSON)}`;
  let focus: readonly string[] = [anyDevice()];
  const add = (act: string, more: Partial<Step> = {}): Step => {
    const who = random.happens(FOCUS.probability) ? random.pick(focus) : anyDevice();
    const drawn = {
      act,
      who,
      minutes: gapOf(random),
      replica: random.below(2),
      choice: random.next(),
      ...more,
    };
    steps.push(drawn);
    return drawn;
  };
  let untilBurst = 0;
  for (let race = 1; steps.length < count; race += 1) {
    if (steps.length >= untilBurst) {
      const minutes = Math.round(random.pick(DAYS_BEFORE) * 24 * 60);
      if (random.happens(SCRIPT_PROBABILITY)) focus = addScript(add, random, minutes);
      else {
        focus = Array.from({ length: FOCUS.devices }, anyDevice);
        for (const [index, who] of focus.entries())
          add('sign in', { who, minutes: index === 0 ? minutes : 0 });
      }
      if (random.happens(0.3)) add('erasures are due', { minutes: 0 });
      untilBurst = steps.length + BURST;
    }
    const act = random.weighed(weights);
    if (act === 'ask for the erasure' && random.happens(0.8)) {
      const { who } = add('sign in');
      add(act, { who, minutes: 0 });
    } else if (act === 'open many sessions') {
      const { who } = add('sign in');
      for (let index = 0; index < MANY_SESSIONS; index += 1) add('sign in', { who, minutes: 0 });
    } else if (act === 'two people join') {
      const { who } = add('sign in');
      for (const next of ['ask to step up', 'launch to step up', 'ask to join'])
        add(next, { who, minutes: 0 });
      const other = add('launch to join', { minutes: 0 });
      add('accept the join', { who: other.who, minutes: 0, choice: random.next() });
    } else if (withRaces && act in acts && random.happens(RACE_PROBABILITY))
      addRace(add, random, weights, race);
    else add(act, faultOf(random, act, FAULT_PROBABILITY));
  }
  return spread(steps.slice(0, count));
}

function faultOf(random: Random, act: string, probability: number): Pick<Step, 'fault'> {
  if (!(act in acts || DISTURBED.includes(act)) || !random.happens(probability)) return {};
  const how = random.pick(['before', 'after'] as const);
  return { fault: { kind: random.pick(FAULTS), how, commit: 1 + random.below(2) } };
}

/** @returns the devices that take part */
function addScript(
  add: (act: string, more: Partial<Step>) => Step,
  random: Random,
  minutesBefore: number,
): readonly string[] {
  const people = random.shuffled(PEOPLE);
  const application = random.below(2);
  const replica = random.below(2);
  const used = new Set<string>();
  for (const [index, line] of random.pick(scripts).split(', ').entries()) {
    const [, letter = '', act = '', minutes = '0', other, fails] = given(
      /^([a-dA-Dxy]) ([^@#!]+?)(?: @(\d+))?( #)?( !)?$/.exec(line),
    );
    const isSecond = letter !== letter.toLowerCase();
    const isElsewhere = letter === 'x' || letter === 'y';
    const person = people[(isElsewhere ? 'xy' : 'abcd').indexOf(letter.toLowerCase())];
    const who = `${person}/${(isElsewhere ? 1 - application : application) + (isSecond ? 2 : 0)}`;
    used.add(who);
    add(act, {
      who,
      minutes: index === 0 ? minutesBefore : Number(minutes),
      ...(line.includes('#') || random.happens(0.5) ? { replica: other ? 1 - replica : replica } : {}),
      ...faultOf(random, act, fails ? 1 : SCRIPT_FAULT_PROBABILITY),
    });
  }
  return [...used];
}

/** Often the same device and the same act: that is where races are. */
function addRace(
  add: (act: string, more: Partial<Step>) => Step,
  random: Random,
  weights: Readonly<Record<string, number>>,
  race: number,
): void {
  const calls = Object.fromEntries(Object.entries(weights).filter(([act]) => act in acts));
  const isFrozen = random.happens(FREEZE_PROBABILITY);
  const frozen = { fault: { kind: 'freeze', how: 'before', commit: 1 } } as const;
  const first = add(random.weighed(calls), { race, ...(isFrozen ? frozen : {}) });
  const size = 1 + random.below(MAX_RACERS - 1);
  for (let index = 0; index < size; index += 1) {
    const act = random.weighed({ [first.act]: 5, [random.weighed(calls)]: 4, [random.pick(ENDING)]: 2 });
    const elsewhere = isFrozen ? { replica: 1 - first.replica } : {};
    add(act, { race, minutes: 0, ...elsewhere, ...(random.happens(0.7) ? { who: first.who } : {}) });
  }
}

function mixtureOf(random: Random): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(WEIGHTS).map(([act, weight]) => {
      const isOff = !ALWAYS.includes(act) && random.happens(0.2);
      return [act, isOff ? 0 : weight * (0.5 + random.next())];
    }),
  );
}

function gapOf(random: Random): number {
  const kind = random.weighed(GAPS);
  if (kind === 'none') return 0;
  return kind === 'minutes' ? 1 + random.below(9) : 20 + random.below(10 * 60);
}

/** The long gaps become longer or shorter, so that a history covers a year. */
function spread(steps: readonly Step[]): readonly Step[] {
  const isLong = ({ minutes }: Step): boolean => minutes >= 12 * 60;
  const sumOf = (some: readonly Step[]): number => some.reduce((sum, { minutes }) => sum + minutes, 0);
  const long = sumOf(steps.filter(isLong));
  const factor = long === 0 ? 1 : Math.max(0, YEAR_MINUTES - (sumOf(steps) - long)) / long;
  return steps.map((step) => (isLong(step) ? { ...step, minutes: Math.round(step.minutes * factor) } : step));
}
