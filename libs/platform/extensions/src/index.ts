export { extensionPoint, type Extension } from './extension-point';
