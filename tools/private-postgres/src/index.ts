export { PrivatePostgresError, asSentence } from './errors';
export { FolderInUseError, lockFolder, type FolderLock } from './folder-lock';
export { freePort } from './address';
export { keepOnce, prepareFolder } from './folders';
export { endWithUs } from './watchdog';
export {
  databaseUrlFile,
  startPrivatePostgres,
  type Durability,
  type PrivatePostgres,
  type PrivatePostgresOptions,
} from './start-private-postgres';
