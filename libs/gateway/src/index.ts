export { GatewayEndpoint } from './gateway-endpoint';
export { gatewayError, gatewayErrorCodes } from './gateway.errors';
export { GatewayModule } from './gateway.module';
