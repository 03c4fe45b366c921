import { defineReviewedTables, holds } from '@countersign/database';

const SHOWN_OF_TEAM = 'what a team shows to everyone in its application';

defineReviewedTables({
  team_history: {
    isOfPerson: true,
    columns: {
      action: holds.enumerated,
      details: 'enumerated values and names of fields',
      origin: holds.origin,
    },
  },
  team_members: { isOfPerson: true, columns: { role: holds.enumerated } },
  teams: {
    isOfPerson: false,
    columns: {
      name: SHOWN_OF_TEAM,
      name_key: SHOWN_OF_TEAM,
      description: SHOWN_OF_TEAM,
      logo_url: SHOWN_OF_TEAM,
      banner_url: SHOWN_OF_TEAM,
      website_url: SHOWN_OF_TEAM,
      social_links: SHOWN_OF_TEAM,
      owner_role: holds.enumerated,
      member_count: 'a count',
    },
  },
});
