/** Where files are sent, and lists are looked at before they are sent. */
export const uploadPath = "/enviar";
