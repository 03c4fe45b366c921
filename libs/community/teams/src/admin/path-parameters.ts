import { ApiParam } from '@nestjs/swagger';

const inPath = (name: string, description: string): MethodDecorator =>
  ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });

/** The parameters of the paths in this folder, for the document. */
export const TeamInPath = (): MethodDecorator => inPath('teamId', 'The team, also a deleted one.');
export const MemberInPath = (): MethodDecorator => inPath('userId', 'The account of the member.');
export const UserInPath = (): MethodDecorator =>
  inPath('userId', 'The account; the id of a merged one stands for the surviving one.');
