import { defineReviewedTables, holds } from '@countersign/database';

const SHOWN_OF_APPLICATION = 'what an application shows to everyone';

defineReviewedTables({
  favourites: { isOfPerson: true, columns: {} },
  listings: {
    isOfPerson: false,
    columns: {
      key: SHOWN_OF_APPLICATION,
      name: SHOWN_OF_APPLICATION,
      name_key: SHOWN_OF_APPLICATION,
      description: SHOWN_OF_APPLICATION,
      logo_url: SHOWN_OF_APPLICATION,
      banner_url: SHOWN_OF_APPLICATION,
      website_url: SHOWN_OF_APPLICATION,
      social_links: SHOWN_OF_APPLICATION,
      category: SHOWN_OF_APPLICATION,
      platforms: `${holds.enumerated}, and ${SHOWN_OF_APPLICATION}`,
    },
  },
});
