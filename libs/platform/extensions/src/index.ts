export { extensionPoint, type Extension, type ExtensionPoint, type Extensions } from './extension-point';
