export { conclude } from './conclude';
export type { SignatureCheck, Verification } from './verification';
