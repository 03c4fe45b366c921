export { MetaproModule } from './metapro/metapro.module';
export { RapidpaceModule } from './rapidpace/rapidpace.module';
export { RapidpaceSecrets } from './rapidpace/secrets/rapidpace-secrets';
export { XellarModule } from './xellar/xellar.module';
