import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';

/** Documents a parameter that `ListQuery` reads. */
export function inQuery(name: string, description: string, isArray = false): MethodDecorator {
  return ApiQuery({
    name,
    description,
    required: false,
    schema: isArray ? { type: 'array', items: { type: 'string' } } : { type: 'string' },
  });
}

export const ofProject = inQuery(
  'projectId',
  'The application. May be left out while one application uses this API.',
);

export const ofSlice = applyDecorators(
  inQuery('skip', 'How many to leave out, at most 10000.'),
  inQuery('limit', 'How many; more than 100 count as 100.'),
);
