export { extensionPoint } from './extension-point';
