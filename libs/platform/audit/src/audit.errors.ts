import { defineErrors } from '@countersign/errors';

export const auditError = defineErrors({
  'audit_key.lost': {
    kind: 'conflict',
    title: 'The key that signs blocks of the audit trail is lost',
    remedy:
      'The key ring does not open it: see that the ring is the right one. If the key is lost, make a new one with `countersign audit rotate-key --lost`, and give its public key to those who verify.',
  },
  'audit_trail.cut': {
    kind: 'conflict',
    title: 'The end of the audit trail is not what was sealed',
    remedy:
      'Nothing is sealed until an operator decides: `countersign audit verify --anchors` names the blocks that were removed or changed. Restore a backup, or go on with a new key by `countersign audit rotate-key --lost`.',
  },
  'audit_key.none': {
    kind: 'not-found',
    title: 'There is no key yet that signs blocks of the audit trail',
    remedy: 'The first block makes it: see that a replica runs jobs.',
  },
});
