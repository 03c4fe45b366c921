export { parseForm, type Form } from './form';
export { oauthError } from './oauth.errors';
export { OAuthModule } from './oauth.module';
