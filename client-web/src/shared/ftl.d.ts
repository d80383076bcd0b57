declare module "*.ftl" {
  const messages: import("./text.ts").Messages;
  export default messages;
}
