import { eventTypeNames, type EventType } from '@countersign/events';
import { rowsOf, useStage, type Way, type Ways } from '../support/audit-trail';
import { waysOfIdentityKeys } from '../support/audit-ways-of-identity-keys';
import { waysOfInvitations } from '../support/audit-ways-of-invitations';
import { waysOfOperators } from '../support/audit-ways-of-operators';
import { waysOfPeople } from '../support/audit-ways-of-people';
import { waysOfReferrals } from '../support/audit-ways-of-referrals';
import { waysOfSessions } from '../support/audit-ways-of-sessions';
import { waysOfTeams } from '../support/audit-ways-of-teams';
import { waysOfEvents } from '../support/event-ways';
import { expectTold } from '../support/told-events';

const ways: Readonly<Record<string, Readonly<Record<string, Way>>>> = {
  ...waysOfOperators,
  ...waysOfIdentityKeys,
  ...waysOfInvitations,
  ...waysOfPeople,
  ...waysOfSessions,
  ...waysOfTeams,
  ...waysOfReferrals,
};

/** Where an audited action and its event have different names. */
const eventOf: Readonly<Record<string, EventType>> = { 'profile.changed': 'user.profile_changed' };

/** About webhooks and the blocks of the audit trail: their own specs perform them. */
const ofOthers = eventTypeNames.filter((type) => type.startsWith('webhook.') || type === 'audit.sealed');

describe('the events', () => {
  const stage = useStage();
  const told = new Set<EventType>(ofOthers);
  const isEvent = (name: string): name is EventType => (eventTypeNames as readonly string[]).includes(name);

  it.each(rowsOf(ways as Ways))('tell what %s, %s, changes, and nothing else', async (action, _, way) => {
    const types = await expectTold(await way(stage));

    const type = eventOf[action] ?? action;
    expect(isEvent(type) ? types : []).toEqual(isEvent(type) ? expect.arrayContaining([type]) : []);
    for (const each of types) told.add(each);
  });

  it.each(waysOfEvents)('tell of %s, %s', async (type, _, way) => {
    expect(await expectTold(await way(stage))).toContain(type);
    told.add(type);
  });

  it('are all performed here', () => {
    expect(eventTypeNames.filter((type) => !told.has(type))).toEqual([]);
  });
});
