/** For commands about files of the key ring, which need no database. */
export { keyManagement, keyRingSource } from '@countersign/config';
