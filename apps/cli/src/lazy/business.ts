/** What commands use of login alone, and features. It is loaded when a command runs: help would take seconds. */
export * as account from '@countersign/account';
export * as admin from '@countersign/admin';
export * as applications from '@countersign/applications';
export * as audit from '@countersign/audit';
export * as config from '@countersign/config';
export * as errors from '@countersign/errors';
export * as http from '@countersign/http';
export * as issuer from '@countersign/issuer';
export * as keyRotation from '@countersign/keys';
export * as sessions from '@countersign/sessions';
export * as users from '@countersign/users';
