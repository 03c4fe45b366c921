export { isRight, type SignatureCheck, type SignatureTest } from './is-right';
