import { resource } from '../ui/resource';

export const listings = resource({
  path: 'listings',
  list: 'listListings',
  read: 'readListing',
  columns: ['name', 'key', 'state', 'teamName', 'applicationId', 'updatedAt'],
  filters: ['state'],
  acts: [{ op: 'createListing' }, { op: 'assignListing' }],
});
