import './xellar.feature';

export { XellarModule } from './xellar.module';
/** Where its routes are. */
export const XELLAR_PREFIXES = ['/api/v1/', '/api/v2/'] as const;
