import { PickType } from '@nestjs/swagger';
import { AppLinkResponse } from '@countersign/applications';
import { Id, Integer, ListOf, OneOf, Text } from '@countersign/http';

export class StepUpRequestResponse {
  @Id('Names the request.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  requestId: string;

  @Text('The act, as the table of acts in docs/security.md names it.', 'account.export', {
    input: 'required',
    max: 64,
  })
  act: string;

  @Text('What is done, for the person who confirms it.', 'Export everything that is stored about you')
  title: string;

  @Text(
    'The start parameter of the other launch, or of Log In With Telegram, is `s_` and this code. For people to read where ' +
      'no link is there.',
    'Hq7mXw2kVt9pRb4cYd8nJs3f',
  )
  code: string;

  @Integer('Seconds for which the code, or the grant after a step-up, is good.', 600)
  expiresIn: number;

  @ListOf(AppLinkResponse, 'Links that open the Mini App with the code.')
  links: AppLinkResponse[];
}

export class StepUpRequestBody extends PickType(StepUpRequestResponse, ['act']) {}

const states = ['waiting', 'stepped-up', 'done', 'expired'] as const;

export class StepUpRequestStateResponse extends PickType(StepUpRequestResponse, [
  'requestId',
  'act',
  'expiresIn',
]) {
  @OneOf(
    states,
    '`waiting` for the launch with the code, `stepped-up` by it, `done` when the act was done.',
    'waiting',
  )
  state: (typeof states)[number];
}

/** The answer of a sign-in has this object if its start parameter carried a code. */
export class SignInStepUpResponse extends PickType(StepUpRequestResponse, ['act', 'title']) {
  @Text('The call of the act brings it as `X-Step-Up-Grant`, in this session and once.', 'cs_sg_...')
  grant: string;

  @Integer('Seconds for which the grant is good.', 300)
  expiresIn: number;
}
