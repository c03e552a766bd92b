import { field, repeated } from "./field.ts";
import { empty, message } from "./message.ts";
import { bool, int64, string } from "./scalars.ts";
import { serverStream, service, unary } from "./service.ts";

const description = message({
  options: field(
    1,
    message({
      loginName: field(1, string),
      password: field(2, string),
      fullName: field(3, string),
      groups: repeated(4, string),
    }),
  ),
});

const login = message({ options: field(1, message({ loginName: field(1, string) })) });

export const createUserReq = description;
/** The password in it is ignored: see `ResetPassword`. */
export const updateUserReq = description;

/** An absent login asks for all users. */
export const userDetailsReq = login;
export const userDetailsResp = message({
  userDetails: field(
    1,
    message({
      loginName: field(1, string),
      fullName: field(2, string),
      groups: repeated(3, string),
      /** 100-ns ticks since 1970. */
      lastUpdated: field(4, message({ ticksSinceEpoch: field(1, int64) })),
      disabled: field(5, bool),
    }),
  ),
});

export const changePasswordReq = message({
  options: field(
    1,
    message({ loginName: field(1, string), currentPassword: field(2, string), newPassword: field(3, string) }),
  ),
});

export const resetPasswordReq = message({
  options: field(1, message({ loginName: field(1, string), newPassword: field(2, string) })),
});

export const usersService = service("event_store.client.users.Users", {
  create: unary("Create", createUserReq, empty),
  update: unary("Update", updateUserReq, empty),
  delete: unary("Delete", login, empty),
  disable: unary("Disable", login, empty),
  enable: unary("Enable", login, empty),
  details: serverStream("Details", userDetailsReq, userDetailsResp),
  changePassword: unary("ChangePassword", changePasswordReq, empty),
  resetPassword: unary("ResetPassword", resetPasswordReq, empty),
});
