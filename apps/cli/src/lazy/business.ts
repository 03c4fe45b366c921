/** What commands use. It is loaded when a command runs: help would take seconds. */
export * as admin from '@countersign/admin';
export * as audit from '@countersign/audit';
export * as errors from '@countersign/errors';
export * as http from '@countersign/http';
export * as keyRotation from '@countersign/keys';
