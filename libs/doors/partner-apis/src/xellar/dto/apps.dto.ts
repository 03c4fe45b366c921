import { Flag, Nested, Text } from '@countersign/http';

class XellarProviderConfig {
  @Flag('Whether people may log in by it.', false)
  enabled: boolean;
}

class XellarClientConfig extends XellarProviderConfig {
  @Text('Empty.', '')
  clientId: string;
}

class XellarAppleConfig extends XellarClientConfig {
  @Text('Empty.', '')
  redirectUri: string;
}

class XellarTelegramConfig extends XellarProviderConfig {
  @Text('Without `@`; empty without a bot.', 'my_game_bot')
  botUsername: string;

  @Text('As text; empty without a bot.', '7342037359')
  botId: string;
}

export class XellarAppConfigResponse {
  @Flag('Whether people may have wallets here.', true)
  isEmbeddedWalletEnabled: boolean;

  @Nested(XellarTelegramConfig, 'The Login Widget.')
  telegram: XellarTelegramConfig;

  @Nested(XellarClientConfig, 'Never.')
  google: XellarClientConfig;

  @Nested(XellarProviderConfig, 'Never.')
  whatsapp: XellarProviderConfig;

  @Nested(XellarAppleConfig, 'Never.')
  apple: XellarAppleConfig;

  @Flag('Never.', false)
  useEmailLogin: boolean;

  @Flag('Never.', false)
  isRampableEnabled: boolean;

  @Flag('Never.', false)
  isAAEnabled: boolean;

  @Text('Empty.', '')
  rampableClientSecret: string;

  @Flag('Never.', false)
  useXellarBrand: boolean;

  @Text('Empty.', '')
  logoUrl: string;

  @Flag('Never.', false)
  showPoweredBy: boolean;
}
