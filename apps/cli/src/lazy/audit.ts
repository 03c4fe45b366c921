/** For the verification of an export, which needs no database. */
export * from '@countersign/audit';
