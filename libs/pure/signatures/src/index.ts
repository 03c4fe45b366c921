export { conclude, type SignatureCheck, type Verification } from './conclude';
