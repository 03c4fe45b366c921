/** The end of docs/privacy.md. */
export const DATA_PROTECTION = `
## For a data-protection officer

The operator of an installation is the controller. The service sends no data to its authors.

| right | how |
| --- | --- |
| access | \`GET /v1/me\` shows the account, \`GET /v1/me/sessions\` the sessions; the export has everything |
| correction | \`PATCH /v1/me/profile\` for fields that the person entered; fields from a platform are changed at the platform, and here by the next sign-in |
| portability | \`GET /v1/me/export\`: one JSON document ([schema](export.schema.json)), after a fresh proof of identity |
| erasure | \`DELETE /v1/me\`, after a fresh proof of identity; \`ERASURE_DAYS\` (7) later, and until then a sign-in with \`cancelErasure\` and a fresh proof cancels it. [Embedded wallets](embedded-wallets.md#its-account) are exported before, or named as lost |

For a person who cannot prove who they are to the service, an operator uses \`countersign user export\` and
\`countersign user erase\`, with a reason in the audit trail. The operator checks the identity of the person who asks.

After a merge, a sealed journal of what it moved is kept for the seven days in which the merge can be separated.
It has a key of its own, which is destroyed with it, and goes with the erasure of the account. An erasure that a person requests waits
until then, since the merged account can be that of another person.

### Nodes of chains

Chains are configured by the operator ([chains.md](chains.md)). A node learns the IP address of the service, and what it
is asked. A signature by the key of an EVM address is verified without any node. To verify a contract wallet or a TON wallet, its
address is sent to the nodes of its chain, when the person proves it.
The address of a wallet is personal data: the chain shows to all what its person has and does. That of the wallet inside Telegram belongs to one
Telegram account. No metric, log or event has it.

- **\`mayNameAddresses: false\`**: beyond that, no request names an address. There are no balances and no history then.
- **TON** needs \`mayNameAddresses: true\`: its endpoints and indexers are asked for the balances, transactions and collectibles of an
  address when its person asks for them. Nothing of the answers is stored; the addresses of jetton wallets are in memory for ten minutes.
- **\`mayNameAddresses: true\`**: the nodes are also asked for balances of linked addresses, when their people ask for them. So their
  operators learn which addresses are linked here, when they are asked about, and which together. That is a disclosure of personal data to them: name them as
  recipients or processors, conclude a contract with them, or run the nodes yourself.

An **indexer** of a chain ([wallets.md](wallets.md#from-an-indexer)) is asked by address whenever a person looks at a wallet there. It is
refused without \`mayNameAddresses: true\`. Nothing that it answers is stored. Its operator learns what the operators of nodes learn: name
it as recipient or processor, conclude a contract with it, or run it yourself.

### What remains after an erasure

- The audit trail, under a random pseudonym that is in no other row, for \`AUDIT_RETENTION_DAYS\`.
- The entry in the ledger of erasures: the former user id and the instant, so that a restored backup is erased again.
- The keyed digest of a username, for the 30 days in which it is kept from others.
- A keyed digest of the identity by which the person was referred to an application, for 2 years after the referral: so that nothing is
  counted twice. It is pseudonymous data.
- The position of the person between others in the referrals of an application, as a number without an account.

### When copies become unreadable

All sealed fields of a person open with their data key only. The erasure deletes the wrapped data key from the tables. Copies
of the deleted row remain for a while:

- **Data folder**: until PostgreSQL reuses the space of the row. \`VACUUM FULL users\` rewrites the table at once; the old file is
  then free space of the disk.
- **WAL**: until its segments are recycled, and in a WAL archive until the archive expires.
- **Backups**: until they expire.

Any of them opens with a key of the ring that wrapped the data key. When that key is retired and all copies of it are
destroyed, the offline copy included, these copies cannot be read any more, however long they are kept. A Telegram id is a number of
about ten digits: an old index key and an old backup together show whether a given id had an account. Retire and destroy
index keys likewise.

### What the operator has to do

- Name a purpose and a legal basis for each application, and declare no field in \`dataNeeds\` that it does not need.
- Inform people, and conclude contracts with processors: the host of the database, of the backups, of logs and traces.
- Limit how long backups, WAL archives and logs are kept, and keep them apart from the key ring.
- Set \`AUDIT_RETENTION_DAYS\` and \`ERASURE_DAYS\` as your policy says.
- Erase copies that applications made: they learn of a request by a 404 of \`GET /v1/users/{userId}\`.
- Limit who can run the CLI and who can read the key ring: together with the database it opens everything.
`;
