import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  audit_block_leaves: {
    isOfPerson: false,
    columns: {
      block: 'a count',
      day: 'a day',
      lowest_xid: 'number of a transaction',
      highest_xid: 'number of a transaction',
      leaves: 'ids and digests of audit records',
    },
  },
  audit_blocks: {
    isOfPerson: false,
    columns: {
      number: 'a count',
      day: 'a day',
      record_count: 'a count',
      root: 'digest of audit records',
      previous: 'digest of a block',
      key_id: 'digest of a public key',
      new_key_id: 'digest of a public key',
      new_public_key: 'a public key',
      signature: 'a signature',
    },
  },
  audit_adoption: { isOfPerson: false, columns: { id: 'always 1' } },
  audit_days: {
    isOfPerson: false,
    columns: {
      day: 'a day',
      sealed_below: 'number of a transaction',
      closing_below: 'number of a transaction',
    },
  },
  audit_keys: { isOfPerson: false, columns: { id: 'digest of a public key', public_key: 'a public key' } },
  audit_records: {
    isOfPerson: true,
    columns: {
      action: holds.enumerated,
      actor:
        'an enumerated value, a principal, the name of an operator at the command line, or the pseudonym of a person, which is not the user id',
      subject: 'pseudonym of a person, or id of an object',
      details: 'ids and enumerated values only',
      request_id: 'id of a request',
      mac_key_id: holds.keyId,
      mac: 'keyed digest of the other columns',
      xid: 'number of a transaction',
    },
  },
  audit_retention: { isOfPerson: false, columns: { id: 'always 1', days: 'days, from the settings' } },
  refused_requests: {
    isOfPerson: false,
    columns: {
      request_id: 'id that the caller chose for a request',
      code: holds.enumerated,
      status: 'status of HTTP',
      route: 'pattern of a route',
    },
  },
});
