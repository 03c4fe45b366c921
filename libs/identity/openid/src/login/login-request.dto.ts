import { Flag, Id, Instant, Integer, ListOf, Nested, Text } from '@countersign/http';

export class LoginDeviceResponse {
  @Text('The program of the device, as it says.', 'curl/8.5.0')
  browser: string;

  @Text('The address of the device.', '198.51.100.4')
  address: string;
}

export class LoginRequestResponse {
  @Text('The name of the product that asks.', 'Grafana')
  clientName: string;

  @Flag('Whether it is of a third party.', false)
  isThirdParty: boolean;

  @Nested(
    LoginDeviceResponse,
    'The device that is signed in, when it asked; `null` if the browser is signed in. Show the person that it is a device.',
    { nullable: true },
  )
  device: LoginDeviceResponse | null;

  @Text('The browser that shows the page, as it says.', 'Firefox on Linux')
  browser: string;

  @Text('The address of the browser that shows the page.', '203.0.113.7')
  address: string;

  @Instant('Since when it waits.', '2026-11-25T08:00:00.000Z')
  askedAt: string;

  @Text('What the person has to agree to, if anything.', ['your name, username and photo'], { list: {} })
  toAgree: readonly string[];

  @Integer('Seconds for which the request is open.', 540)
  expiresIn: number;
}

export class LoginLaunchResponse {
  @Text('The code, for GET /v1/openid/requests/{code}.', 'kP3v9QmXw2kVt9pRb4cYd8nJ')
  code: string;
}

export class AcceptLoginBody {
  @Integer('The number that the browser shows.', 481_516, { input: 'required', min: 10, max: 999_999 })
  number: number;

  @Flag('The person agreed to `toAgree` by a second tap.', false, { input: 'optional', default: false })
  consent?: boolean;
}

export class OpenidConsentResponse {
  @Id('The `client_id`.')
  clientId: string;

  @Text('The name of the product.', 'Shop')
  clientName: string;

  @Text('What it may ask for.', ['openid', 'profile'], { list: {} })
  scopes: readonly string[];

  @Instant('When the person agreed last.', '2026-11-25T08:00:00.000Z')
  givenAt: string;
}

export class ConsentsResponse {
  @ListOf(OpenidConsentResponse, 'By client.')
  items: readonly OpenidConsentResponse[];
}
