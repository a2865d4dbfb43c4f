-- Inlined where it is called: as nearly all numbers are written. Not by a regular expression, which takes ten times as long.
create or replace function talkme.is_plain_number(numero_dest text) returns boolean
language sql immutable parallel safe
return translate(numero_dest collate "C", '0123456789', '') = '' and case length(numero_dest)
    when 11 then substr(numero_dest collate "C", 3, 1) = '9'
    when 10 then substr(numero_dest collate "C", 3, 1) in ('2', '3', '4', '5')
    else false
  end
  and left(numero_dest collate "C", 2) in (
    '11', '12', '13', '14', '15', '16', '17', '18', '19', '21', '22', '24', '27', '28', '31', '32', '33', '34', '35',
    '37', '38', '41', '42', '43', '44', '45', '46', '47', '48', '49', '51', '53', '54', '55', '61', '62', '63', '64',
    '65', '66', '67', '68', '69', '71', '73', '74', '75', '77', '79', '81', '82', '83', '84', '85', '86', '87', '88',
    '89', '91', '92', '93', '94', '95', '96', '97', '98', '99'
  );

comment on function talkme.is_plain_number(text) is 'Whether a text is DDD and number of Brazil, digits only, and such a number can exist';

revoke execute on function talkme.is_plain_number(text) from public;
