import './metapro.feature';

export { MetaproModule } from './metapro.module';
/** Where its routes are. */
export const METAPRO_PREFIXES = ['/users-service/', '/ms/'] as const;
