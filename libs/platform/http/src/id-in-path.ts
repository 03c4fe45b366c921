import { Param } from '@nestjs/common';
import { ApiUuidParam } from './input/api-uuid-param';
import { problemResponses } from './problems/answers';
import { UuidPipe } from './input/uuid.pipe';

/**
 * A parameter that is a UUID in the path of its route. An impossible one is refused as an unknown one.
 * @param notFound the code of the error, which the route needs not name
 * @param description for the document; by default it follows from the name
 */
export function IdInPath(name: string, notFound: string, description?: string): ParameterDecorator {
  return (target, method, index) => {
    Param(name, new UuidPipe(notFound))(target, method, index);
    const route = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
    if (method === undefined || !route) throw new TypeError('an id in a path belongs to a method');
    const documented = description === undefined ? [] : [ApiUuidParam(name, description)];
    for (const document of [...documented, ...problemResponses([notFound])]) document(target, method, route);
  };
}
