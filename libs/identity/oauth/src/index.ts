export { AuthenticatedClient, ClientCalls, ClientGuard, CurrentClient } from './authenticated-client';
export { IntrospectionEndpoint } from './introspection-endpoint';
export { OAuthModule } from './oauth.module';
