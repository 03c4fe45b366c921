export { GatewayEndpoint } from './gateway-endpoint';
export { gatewayErrorCodes } from './gateway.errors';
export { GatewayModule } from './gateway.module';
export { AuthenticatedClient, ClientCalls, ClientGuard, CurrentClient } from './oauth/authenticated-client';
export { IntrospectionEndpoint } from './oauth/introspection-endpoint';
export { OAuthModule } from './oauth/oauth.module';
