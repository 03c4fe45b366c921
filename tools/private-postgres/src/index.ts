export { asSentence } from './errors';
export { endWithUs } from './end-with-us';
export { freePort } from './free-port';
export { keepOnce, prepareFolder, writePrivately } from './folders';
export { lockFolder } from './folder-lock';
export { databaseUrlFile, startPrivatePostgres, type PrivatePostgres } from './start-private-postgres';
