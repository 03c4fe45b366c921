export { RapidpaceModule } from './rapidpace.module';
export { RapidpaceSecrets } from './secrets/rapidpace-secrets';
